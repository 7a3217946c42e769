namespace PeerAgent.Media.Tests.Manifest;

/// <summary>The manifests that draft-cruz-ppsp-http-tracker-protocol-01, section 3.6 prints.</summary>
internal static class Printed
{
    internal const string Figure3 = """
        <?xml version="1.0" encoding="utf-8"?>
        <StreamInfo>
          <Trackers>
            <Tracker url="http://maintracker:80" tier="1" />
            <Tracker url="http://othertracker:80" tier="2" />
          </Trackers>
          <SwarmID>123456abcd</SwarmID>
          <Clip>
            <Name>path/name</Name>
            <Description>some description</Description>
            <Video codec="SVC" fps="25">
              <VideoQuality width="720" height="1280" level="0" />
              <VideoQuality width="1920" height="1080" level="3" />
            </Video>
            <ChunkSegments type="video">
              <Segment chunks="150" levels="8" />
            </ChunkSegments>
          </Clip>
        </StreamInfo>
        """;

    internal const string Figure4 = """
        <?xml version="1.0" encoding="utf-8"?>
        <StreamInfo>
          <Trackers>
            <Tracker url="http://maintracker:80" tier="1" />
            <Tracker url="http://othertracker:80" tier="2" />
          </Trackers>
          <SwarmID>654321xyz</SwarmID>
          <LiveStream>TRUE</LiveStream>
          <UpdateTime>06:56:18</UpdateTime>
          <Clip>
            <Duration>1258</Duration>
            <Name>path/name</Name>
            <Description>some description</Description>
            <Video codec="SVC" fps="25">
              <VideoQuality width="432" height="240" level="0" />
              <VideoQuality width="842" height="480" level="6" />
            </Video>
            <ChunkSegments type="video">
              <Segment from="624" to="628" levels="10" />
            </ChunkSegments>
          </Clip>
        </StreamInfo>
        """;
}
