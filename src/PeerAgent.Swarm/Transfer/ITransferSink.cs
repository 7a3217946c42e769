namespace PeerAgent.Swarm.Transfer;

/// <summary>Takes the bytes of one answer. Called by one transfer at a time, in order: Begin, then GetMemory and Advance in turn.</summary>
internal interface ITransferSink
{
    /// <summary>The answer begins. False when it is not wanted: the transfer ends with <see cref="TransferResult.Unwanted"/>.</summary>
    bool Begin(TransferHead head);

    /// <summary>Where the next bytes go; never empty.</summary>
    Memory<byte> GetMemory();

    /// <summary>So many bytes were put there. False when no more are wanted.</summary>
    bool Advance(int count);
}
