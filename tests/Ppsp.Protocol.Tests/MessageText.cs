using System.Collections;
using System.Net;
using System.Reflection;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace Ppsp.Protocol.Tests;

/// <summary>A message as text, lists and all, so that two of them can be compared and a difference be read.</summary>
internal static class MessageText
{
    internal static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        PeerId or SwarmId or UserId or TransactionId => $"'{value}'",
        IPAddress or TimeSpan => value.ToString()!,
        DateTimeOffset at => at.UtcDateTime.ToString("O"),
        ChunkMap map => $"{map.From}+{map.Length}:{string.Join(' ', map.Held())}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ when value.GetType().IsPrimitive || value.GetType().IsEnum => value.ToString()!,
        _ => $"{value.GetType().Name}({string.Join(", ", Properties(value))})",
    };

    private static IEnumerable<string> Properties(object value) =>
        value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name}={Of(p.GetValue(value))}");
}
