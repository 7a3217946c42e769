using System.Text;

namespace Ppsp.Protocol.Tests;

/// <summary>
/// Messages kept as files. <c>Printed</c>: the draft's own text, holes and all. <c>Filled</c>: the same with values in the
/// holes. <c>Written</c> and <c>Peers</c>: what we write, made from the drafts' text and not by our writer.
/// </summary>
internal static class GoldenFiles
{
    internal static readonly string[] Requests =
    [
        "connect-request", "disconnect-request", "join-request", "leave-request",
        "find-peer-request", "find-chunk-request", "stat-report-request", "keepalive-request",
    ];

    internal static readonly string[] Responses =
    [
        "connect-response", "disconnect-response", "join-response", "leave-response",
        "find-peer-response", "find-chunk-response", "stat-report-response", "keepalive-response",
    ];

    internal static byte[] Read(string folder, string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", folder, name + ".xml"));

    /// <summary>A printed message; only what must be a number or an address is put into its holes.</summary>
    internal static byte[] ReadPrinted(string name)
    {
        var text = Encoding.UTF8.GetString(Read("Printed", name))
            .Replace("version=\"#.#\"", "version=\"1.0\"", StringComparison.Ordinal)
            .Replace("###.###.###.###", "192.0.2.7", StringComparison.Ordinal)
            .Replace("##.##.##.##", "192.0.2.7", StringComparison.Ordinal)
            .Replace("hh:hh:hh:hh:hh:hh:hh:hh", "20:01:0d:b8:00:00:00:01", StringComparison.Ordinal)
            .Replace("... encoded string ...", "gA==", StringComparison.Ordinal)
            .Replace("###", "7", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }

    internal static IEnumerable<byte[]> All() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden"), "*.xml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes);
}
