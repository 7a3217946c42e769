using EndToEnd.Tests.Programs;
using Ppsp.Protocol.Messages;

namespace EndToEnd.Tests.Trackers;

/// <summary>
/// What one peer may say to one tracker, and when (docs/protocol.md, Tracker session): goes through all that was heard, from
/// the start, and throws at the first message that is out of place.
/// </summary>
internal sealed class Etiquette
{
    private readonly HashSet<string> _joined = [];
    private readonly HashSet<string> _transactions = [];
    private bool _registered;
    private bool _believesToBeRegistered;

    public static void Check(MortalTracker tracker, string peer)
    {
        var rules = new Etiquette();
        var heard = tracker.From(peer);
        for (var i = 0; i < heard.Count; i++)
        {
            var wrong = rules.Judge(heard[i]);
            Assert.True(wrong is null, $"{wrong}: message {i} of {peer}, {heard[i]}, in: {string.Join(", ", heard)}");
        }
    }

    private string? Judge(Heard message)
    {
        if (message.Method == Heard.Death)
        {
            _registered = false;
            return null;
        }

        // A repetition is judged as the message it repeats.
        if (!_transactions.Add($"{message.Method} {message.Transaction}"))
        {
            return null;
        }

        return message.Method switch
        {
            "CONNECT" => OnConnect(message),
            "KEEPALIVE" when !_believesToBeRegistered => null,
            _ when _registered => OnMessage(message),
            _ when _believesToBeRegistered => OnSurprise(message),
            _ => "said without CONNECT",
        };
    }

    private string? OnConnect(Heard message)
    {
        if (_registered)
        {
            return "a second CONNECT";
        }

        _joined.Clear();
        _registered = _believesToBeRegistered = message.IsOk;
        return null;
    }

    private string? OnMessage(Heard message)
    {
        switch (message.Method)
        {
            case "DISCONNECT":
                _registered = _believesToBeRegistered = false;
                return null;
            case "JOIN":
                return _joined.Add(message.Swarm!) ? null : "a second JOIN";
            case "LEAVE":
                return _joined.Remove(message.Swarm!) ? null : "LEAVE without JOIN";
            case "FIND_PEER" or "FIND_CHUNK":
                return _joined.Contains(message.Swarm!) ? null : "asked without JOIN";
            default:
                return message.IsOk || message.Code is null ? null : "refused";
        }
    }

    /// <summary>The tracker died and came back before the peer noticed: it learns so from the answer.</summary>
    private string? OnSurprise(Heard message)
    {
        _believesToBeRegistered = message.Code is null;
        return message.Code is null or ResponseCode.MessageForbidden ? null : "not refused by a tracker without memory";
    }
}
