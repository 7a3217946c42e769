namespace ReferenceTracker.Hosting;

/// <summary>Nobody is interested.</summary>
internal sealed class SilentObserver : ITrackerConversationObserver
{
    public void Answered(TrackerExchange exchange)
    {
    }
}
