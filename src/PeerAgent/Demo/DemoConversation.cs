using System.Collections.Concurrent;
using Ppsp.Protocol.Messages;
using ReferenceTracker.Hosting;

namespace PeerAgent.Demo;

/// <summary>Writes down what is said to the demo's tracker.</summary>
internal sealed class DemoConversation : ITrackerConversationObserver
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>One line an exchange, in the order of the answers.</summary>
    internal IReadOnlyCollection<string> Lines => _lines;

    public void Answered(TrackerExchange exchange)
    {
        var swarm = exchange.SwarmId is null ? "" : " " + exchange.SwarmId;
        var summary = exchange.Summary.Length == 0 ? "" : $" ({exchange.Summary})";
        _lines.Enqueue($"{exchange.Method,-11} {exchange.PeerId}{swarm} -> {exchange.Code.WireText()}{summary}");
    }
}
