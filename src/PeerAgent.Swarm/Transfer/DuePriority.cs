using System.Globalization;

namespace PeerAgent.Swarm.Transfer;

/// <summary>
/// How soon a chunk is played, as a peer tells another one of whom it asks the chunk: the urgency of the <c>Priority</c> field
/// (RFC 9218, section 4.1), 0 for what is played within a second to 7 for what has half a minute or more. A hint: whoever does
/// not know the field loses nothing.
/// </summary>
internal static class DuePriority
{
    /// <summary>Name of the field.</summary>
    public const string Field = "Priority";

    /// <summary>What holds for a request that says nothing (section 4.1).</summary>
    private const int Usual = 3;

    /// <summary>What is left at least, in seconds, by urgency.</summary>
    private static readonly int[] Least = [0, 1, 2, 3, 5, 8, 15, 30];

    /// <summary>The field's value for a chunk that is played after so long; 0 or less when it is late already.</summary>
    public static string Of(TimeSpan left)
    {
        var urgency = Array.FindLastIndex(Least, s => left.TotalSeconds >= s);
        return string.Create(CultureInfo.InvariantCulture, $"u={Math.Max(0, urgency)}");
    }

    /// <summary>How long the chunk has time at least; for a value that says nothing of it, that of the usual urgency.</summary>
    /// <param name="value">The field's value: a dictionary (RFC 9651, section 3.2), of which only <c>u</c> is looked at; or null.</param>
    public static TimeSpan Read(string? value)
    {
        var urgency = Usual;
        foreach (var member in (value ?? "").Split(','))
        {
            var (key, text) = member.Split(';')[0].Split('=', 2) is [var k, var t] ? (k, t) : ("", "");
            if (key.Trim() == "u")
            {
                // Of several the last one counts; what is out of range is as if it were not there.
                urgency = int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var u) && u < Least.Length ? u : Usual;
            }
        }

        return TimeSpan.FromSeconds(Least[urgency]);
    }
}
