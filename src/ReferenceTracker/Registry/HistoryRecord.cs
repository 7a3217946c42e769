using Ppsp.Protocol.Ids;

namespace ReferenceTracker.Registry;

/// <summary>What remains of a peer's past (draft-cruz-ppsp-http-tracker-protocol-01, section 4.5).</summary>
/// <param name="PeerId">The peer.</param>
/// <param name="FirstSeen">Its first CONNECT that is remembered.</param>
/// <param name="LastSeen">Its last message before the record was written.</param>
/// <param name="Swarms">Memberships that have ended.</param>
/// <param name="UploadedBytes">Bytes sent to peers in them, as it reported.</param>
/// <param name="DownloadedBytes">Bytes received from peers in them, as it reported.</param>
internal sealed record HistoryRecord(
    PeerId PeerId, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Swarms, long UploadedBytes, long DownloadedBytes);
