using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Reads a tracker's answer.</summary>
internal static class ResponseReader
{
    internal static TrackerResponse Read(MessageReader reader)
    {
        string? response = null;
        string? swarm = null;
        string? transaction = null;
        List<PeerInfo>? peers = null;
        var children = reader.EnterChildren();
        while (reader.NextChild(children))
        {
            switch (reader.Name)
            {
                case "Response":
                    reader.Once(ref response, reader.ReadText());
                    break;
                case "SwarmID":
                    reader.Once(ref swarm, reader.ReadText());
                    break;
                case "TransactionID":
                    reader.Once(ref transaction, reader.ReadText());
                    break;
                case "PeerInfoList":
                    reader.Once(ref peers, PeerListXml.ReadList(reader));
                    break;
                case "Method":
                    throw reader.Error("a response has no 'Method'");
            }
        }

        reader.ReadToEnd();
        return new TrackerResponse
        {
            Code = Envelope.RequiredResponse(reader, response),
            TransactionId = TransactionId.TryParse(transaction, out var id) ? id : null,
            SwarmId = SwarmId.TryParse(swarm, out var swarmId) ? swarmId : null,
            Peers = peers,
        };
    }
}
