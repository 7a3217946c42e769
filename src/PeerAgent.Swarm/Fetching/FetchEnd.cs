namespace PeerAgent.Swarm.Fetching;

/// <summary>How a fetch ended. The closed family stands in this file.</summary>
internal abstract record FetchEnd
{
    /// <summary>The chunk is here.</summary>
    /// <param name="Content">Its bytes; null when it lay in the store all along.</param>
    public sealed record Whole(ReadOnlyMemory<byte>? Content) : FetchEnd;

    /// <summary>The chunk broke off after its first bytes had been passed on.</summary>
    public sealed record Broken : FetchEnd;

    /// <summary>Nobody waited any more, or the stream was closed.</summary>
    public sealed record Abandoned : FetchEnd;
}
