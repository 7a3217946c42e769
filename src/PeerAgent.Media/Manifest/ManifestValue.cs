using System.Globalization;
using System.Xml;

namespace PeerAgent.Media.Manifest;

/// <summary>A text of the manifest that knows where it stands and what it is called, so that it can be turned down clearly.</summary>
/// <param name="Label">Name of the attribute or element.</param>
/// <param name="Text">The text, trimmed.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ManifestValue(string Label, string Text, IXmlLineInfo Place)
{
    private const int MaxUrlLength = 2048;
    private const int MaxShown = 40;
    private const decimal TicksPerSecond = TimeSpan.TicksPerSecond;

    /// <summary>The error for a place.</summary>
    internal static ManifestFormatException ErrorAt(IXmlLineInfo place, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Line {place.LineNumber}, column {place.LinePosition}: {what}."));

    /// <summary>A text fit for a message: short and on one line.</summary>
    internal static string Shown(string text)
    {
        var part = text.Length <= MaxShown ? text : $"{text.AsSpan(0, MaxShown)}...";
        return string.Create(part.Length, part, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '?' : from[i];
            }
        });
    }

    /// <summary>The error that says what is there and what should be.</summary>
    internal ManifestFormatException Expected(string what) =>
        ErrorAt(Place, $"'{Label}' is '{Shown(Text)}'; {what} was expected");

    /// <summary>The error that says something else about it.</summary>
    internal ManifestFormatException Error(string what) => ErrorAt(Place, what);

    /// <summary>A whole number, both ends inclusive.</summary>
    internal long Number(long min, long max) =>
        long.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Expected($"a whole number from {min} to {max}");

    /// <summary>A time in seconds with an optional fraction, from 0 to <paramref name="max"/>; not 0 when <paramref name="positive"/>.</summary>
    internal TimeSpan Seconds(int max, bool positive)
    {
        if (!decimal.TryParse(Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds > max
            || (positive && seconds * TicksPerSecond < 1))
        {
            throw Expected($"a number of seconds {(positive ? "above 0 and at most" : "from 0 to")} {max}");
        }

        return TimeSpan.FromTicks((long)(seconds * TicksPerSecond));
    }

    /// <summary>Frames a second.</summary>
    internal double Rate() =>
        double.TryParse(Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0.001 and <= 1000
            ? rate
            : throw Expected("a number from 0.001 to 1000");

    /// <summary>TRUE or FALSE in any case, 1 or 0; nothing at all is false.</summary>
    internal bool Flag() => Text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" or "" => false,
        _ => throw Expected("TRUE or FALSE"),
    };

    /// <summary>Text for people or machines without control characters, at most <paramref name="max"/> characters.</summary>
    internal string Word(int max) =>
        Text.Length <= max && !Text.Any(char.IsControl)
            ? Text
            : throw Expected($"a text of at most {max} characters without control characters");

    /// <summary>
    /// An absolute http or https URL without user name and password. The text is not repeated in the error: it may hold
    /// a password.
    /// </summary>
    internal Uri Url() =>
        Text.Length <= MaxUrlLength
        && Uri.TryCreate(Text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.Host.Length > 0
        && url.UserInfo.Length == 0
            ? url
            : throw Error($"'{Label}' is not as it should be; an absolute http or https URL without user name or password was expected");

    /// <summary>Base64 of exactly this many bytes; white space is passed over. What is set aside is bounded by the text.</summary>
    internal byte[] Base64(long length)
    {
        var bytes = new byte[(Text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(Text, bytes, out var written))
        {
            throw Error($"'{Label}' is not base64; the base64 text of {length} bytes was expected");
        }

        return written == length
            ? bytes[..written]
            : throw Error($"'{Label}' holds {written} bytes; the base64 text of {length} bytes was expected");
    }

    /// <summary>A name that is one safe segment of a path.</summary>
    internal string FileName() => PathText.IsSegment(Text)
        ? Text
        : throw Expected("a file name without slashes, dot segments, percent escapes and control characters");
}
