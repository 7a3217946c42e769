namespace ReferenceTracker.Hosting;

/// <summary>Is told of every answer, for example to print the conversation. Optional: register one in the host's services.</summary>
public interface ITrackerConversationObserver
{
    /// <summary>Called for each answer before it is sent, from many threads at once. Must be quick and must not throw.</summary>
    void Answered(TrackerExchange exchange);
}
