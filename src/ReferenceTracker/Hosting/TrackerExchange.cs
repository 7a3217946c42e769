using Ppsp.Protocol.Messages;

namespace ReferenceTracker.Hosting;

/// <summary>A request and how it was answered. Holds no credentials.</summary>
/// <param name="Method">The method as the draft names it; <c>-</c> when the message could not be read.</param>
/// <param name="PeerId">The sender; empty when the message could not be read.</param>
/// <param name="SwarmId">The swarm it is about, or null.</param>
/// <param name="Code">The answer.</param>
/// <param name="Summary">A few words, for example <c>2 peers</c> or <c>map 10 of 30</c>; empty when there is nothing to say.</param>
public sealed record TrackerExchange(string Method, string PeerId, string? SwarmId, ResponseCode Code, string Summary);
