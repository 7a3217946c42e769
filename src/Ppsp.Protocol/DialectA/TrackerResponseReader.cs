using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>Reads what the root of a response holds; the order of its children does not matter.</summary>
internal static class TrackerResponseReader
{
    /// <summary>Reads a response; null after a fault.</summary>
    internal static TrackerResponse? Read(MessageReader reader)
    {
        var common = new CommonFields();
        List<PeerInfo>? peers = null;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            if (common.Take(reader) || reader.Name != "PeerInfoList")
            {
                continue;
            }

            if (peers is not null)
            {
                reader.FailTwice();
            }

            peers = PeerInfoXml.ReadList(reader);
        }

        if (reader.Fault is not null)
        {
            return null;
        }

        var response = new TrackerResponse
        {
            Code = common.Response(reader),
            TransactionId = common.OptionalTransactionId(reader),
            SwarmId = common.OptionalSwarmId(reader),
            Peers = peers,
        };
        return reader.Fault is null ? response : null;
    }
}
