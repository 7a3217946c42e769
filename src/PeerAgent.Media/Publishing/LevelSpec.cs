using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PeerAgent.Media.Publishing;

/// <summary>A quality level that is asked for, written <c>640x360@800k</c>.</summary>
/// <param name="Width">Pixels, even, 16 to 8192.</param>
/// <param name="Height">Pixels, even, 16 to 8192.</param>
/// <param name="Bitrate">Bits per second of the picture, 1000 to 1,000,000,000.</param>
public sealed record LevelSpec(int Width, int Height, long Bitrate)
{
    private const int MinSide = 16;
    private const int MaxSide = 8192;
    private const decimal MinBitrate = 1_000;
    private const decimal MaxBitrate = 1_000_000_000;
    private const int MaxTextLength = 40;

    /// <summary>
    /// Reads <c>WIDTHxHEIGHT@BITRATE</c>; the bit rate may end in <c>k</c> (thousand) or <c>M</c> (million) and may then
    /// have a decimal point: <c>1280x720@2.5M</c>. False for anything else, odd sizes and values out of range.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LevelSpec? level)
    {
        level = null;
        if (text is null || text.Length > MaxTextLength || text.Split('@') is not [var size, var rate]
            || size.Split('x', 'X') is not [var left, var right]
            || !TryParseSide(left, out var width) || !TryParseSide(right, out var height)
            || !TryParseBitrate(rate, out var bitrate))
        {
            return false;
        }

        level = new LevelSpec(width, height, bitrate);
        return true;
    }

    /// <summary>The written form, with the bit rate in full.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}@{Bitrate}");

    private static bool TryParseSide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side)
        && side is >= MinSide and <= MaxSide && side % 2 == 0;

    private static bool TryParseBitrate(string text, out long bitrate)
    {
        bitrate = 0;
        var factor = text.Length == 0 ? 1 : text[^1] switch { 'k' or 'K' => 1_000, 'm' or 'M' => 1_000_000, _ => 1 };
        var digits = factor == 1 ? text : text[..^1];
        var styles = factor == 1 ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (digits.Length is 0 or > 12 || !decimal.TryParse(digits, styles, CultureInfo.InvariantCulture, out var value)
            || value * factor is not (>= MinBitrate and <= MaxBitrate))
        {
            return false;
        }

        bitrate = (long)(value * factor);
        return true;
    }
}
