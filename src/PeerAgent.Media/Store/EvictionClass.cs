namespace PeerAgent.Media.Store;

/// <summary>Why a chunk of a stream that is played may go; the first reason that any chunk has goes first.</summary>
internal enum EvictionClass
{
    /// <summary>Nobody plays its clip or component.</summary>
    Elsewhere,

    /// <summary>It lies behind every player.</summary>
    Behind,

    /// <summary>It lies far ahead of every player.</summary>
    Ahead,

    /// <summary>A player needs it soon.</summary>
    Near,

    /// <summary>The initialisation of what is played.</summary>
    Initial,
}
