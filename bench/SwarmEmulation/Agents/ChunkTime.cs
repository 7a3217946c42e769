namespace SwarmEmulation.Agents;

/// <summary>How long a chunk took.</summary>
/// <param name="FirstByte">From the request to the first byte of the body.</param>
/// <param name="Total">From the request to the last.</param>
/// <param name="Bytes">Bytes of the body.</param>
internal readonly record struct ChunkTime(TimeSpan FirstByte, TimeSpan Total, long Bytes);
