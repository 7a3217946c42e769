namespace PeerAgent.Streams;

/// <summary>What became of a manifest. The closed family stands in this file.</summary>
public abstract record RegisterOutcome;

/// <summary>The stream is new here.</summary>
public sealed record Registered(AgentStream Stream) : RegisterOutcome;

/// <summary>The stream was known, perhaps with an older window.</summary>
public sealed record AlreadyKnown(AgentStream Stream) : RegisterOutcome;

/// <summary>The swarm is in use here with other content.</summary>
public sealed record OtherContent : RegisterOutcome;

/// <summary>As many streams are in use as the agent may know.</summary>
public sealed record TooManyStreams(int Limit) : RegisterOutcome;

/// <summary>No tracker answered, and nothing else can give the content.</summary>
/// <param name="Failures">One sentence a tracker.</param>
public sealed record NoSource(IReadOnlyList<string> Failures) : RegisterOutcome;
