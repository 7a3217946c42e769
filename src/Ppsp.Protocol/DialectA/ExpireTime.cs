using System.Globalization;
using Ppsp.Protocol.Messages;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>
/// The text of <c>ExpireTime</c>: whole seconds, 0 or nothing for never
/// (draft-cruz-ppsp-http-tracker-protocol-01, section 4.6); <c>xs:dateTime</c> is read too, without zone as UTC.
/// </summary>
internal static class ExpireTime
{
    /// <summary>Longest time in seconds: 68 years, so that adding it to any clock stays in range; a longer one is cut to it.</summary>
    internal const int MaxSeconds = int.MaxValue;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    internal static bool TryParse(string? text, out Expiry expiry)
    {
        expiry = Expiry.Never;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (ChunkMapXml.TryNumber(text, long.MaxValue, out var seconds))
        {
            expiry = seconds == 0 ? Expiry.Never : new Expiry(TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds)), null);
            return true;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal;
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, Styles, out var at))
        {
            return false;
        }

        expiry = new Expiry(null, at);
        return true;
    }

    /// <summary>The written form; a time shorter than a second counts as one, as 0 would mean never.</summary>
    internal static string Format(Expiry expiry) => expiry switch
    {
        { At: { } at } => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
        { After: { } after } => Math.Clamp(Math.Ceiling(after.TotalSeconds), 1, MaxSeconds).ToString("F0", CultureInfo.InvariantCulture),
        _ => "0",
    };
}
