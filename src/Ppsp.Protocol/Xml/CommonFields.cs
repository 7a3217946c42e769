using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;

namespace Ppsp.Protocol.Xml;

/// <summary>
/// The texts of the elements that tracker and peer messages share, in the order in which they come; each at most once
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.1).
/// </summary>
internal sealed class CommonFields
{
    private string? _method;
    private string? _response;
    private string? _peerId;
    private string? _transactionId;
    private string? _swarmId;

    /// <summary>Takes the current element when it is one of these.</summary>
    internal bool Take(MessageReader reader)
    {
        switch (reader.Name)
        {
            case "Method":
                reader.ReadTextOnce(ref _method);
                return true;
            case "Response":
                reader.ReadTextOnce(ref _response);
                return true;
            case "PeerID":
                reader.ReadTextOnce(ref _peerId);
                return true;
            case "TransactionID":
                reader.ReadTextOnce(ref _transactionId);
                return true;
            case "SwarmID":
                reader.ReadTextOnce(ref _swarmId);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The method of a request in upper case; a fault when this is no request.</summary>
    internal string Method(MessageReader reader)
    {
        if (_response is not null)
        {
            reader.Fail(_method is null
                ? "This is a response; a request with Method was expected"
                : "A message holds Method or Response, not both");
        }
        else if (string.IsNullOrEmpty(_method))
        {
            reader.Fail("Method is missing");
        }

        return _method?.ToUpperInvariant() ?? "";
    }

    /// <summary>The code of a response; a fault when this is none.</summary>
    internal ResponseCode Response(MessageReader reader)
    {
        if (_method is not null)
        {
            reader.Fail(_response is null
                ? "This is a request; a response with Response was expected"
                : "A message holds Method or Response, not both");
        }
        else if (!ResponseCodes.TryParse(_response, out var code))
        {
            reader.Fail("Response is missing or none of the texts of the protocol");
        }
        else
        {
            return code;
        }

        return default;
    }

    internal PeerId PeerId(MessageReader reader)
    {
        if (!Ids.PeerId.TryParse(_peerId, out var id))
        {
            FailIdentifier(reader, "PeerID", IdentifierText.MaxLength);
        }

        return id;
    }

    internal SwarmId SwarmId(MessageReader reader)
    {
        if (!Ids.SwarmId.TryParse(_swarmId, out var id))
        {
            FailIdentifier(reader, "SwarmID", IdentifierText.MaxLength);
        }

        return id;
    }

    internal SwarmId? OptionalSwarmId(MessageReader reader) => string.IsNullOrEmpty(_swarmId) ? null : SwarmId(reader);

    internal TransactionId TransactionId(MessageReader reader)
    {
        if (!Ids.TransactionId.TryParse(_transactionId, out var id))
        {
            FailIdentifier(reader, "TransactionID", Ids.TransactionId.MaxLength);
        }

        return id;
    }

    internal TransactionId? OptionalTransactionId(MessageReader reader) =>
        string.IsNullOrEmpty(_transactionId) ? null : TransactionId(reader);

    internal static void FailIdentifier(MessageReader reader, string name, int maxLength) =>
        reader.Fail($"{name} must hold 1 to {maxLength} characters of plain text");
}
