using System.Net;
using TestSupport.Links;

namespace SwarmEmulation.Measures;

/// <summary>A line in a process of its own, until it is stopped.</summary>
internal static class LinkProgram
{
    public static async Task RunAsync(Arguments arguments)
    {
        var shape = new LinkShape
        {
            BytesPerSecond = arguments.Number("rate", 0) is > 0 and var rate ? rate : null,
            Delay = TimeSpan.FromMilliseconds(arguments.Number("delay", 0)),
        };
        var listen = new IPEndPoint(IPAddress.Loopback, arguments.Number("listen", 0));
        await using var link = Link.Open(shape, TimeProvider.System, new Random(1), listen);
        link.Target = new IPEndPoint(IPAddress.Loopback, arguments.Number("target", 0));
        await Task.Delay(Timeout.Infinite);
    }
}
