using System.Text;
using PeerAgent.Media.Manifest;

namespace PeerAgent.Media.Tests.Manifest;

public sealed class StreamInfoWriterTests
{
    [Theory]
    [InlineData(Printed.Figure3)]
    [InlineData(Printed.Figure4)]
    public void The_printed_manifests_are_written_as_they_are_printed(string printed)
    {
        StreamInfoReader.Read(Encoding.UTF8.GetBytes(printed)).TryGet(out var info, out _);

        Assert.Equal(printed, Encoding.UTF8.GetString(StreamInfoWriter.Write(info!)));
    }
}
