namespace PeerAgent.Tracker.Tests.States;

/// <summary>The test proves a cell of a table of states and events in docs/protocol.md.</summary>
/// <param name="state">The column.</param>
/// <param name="event">The row.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CellAttribute(string state, string @event) : Attribute
{
    public string State => state;

    public string Event => @event;
}
