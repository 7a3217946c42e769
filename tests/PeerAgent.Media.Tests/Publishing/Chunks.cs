using PeerAgent.Media.Publishing;
using PeerAgent.Media.Streams;

namespace PeerAgent.Media.Tests.Publishing;

/// <summary>Folders of small chunks, and what is asked of them.</summary>
internal static class Chunks
{
    internal static readonly TrackerReference Tracker = new(new Uri("http://127.0.0.1:7690"), 1);

    /// <summary>Writes each name as a file whose content is its name.</summary>
    internal static TempFolder Folder(params string[] names)
    {
        var folder = new TempFolder();
        foreach (var name in names)
        {
            File.WriteAllText(folder[name], name);
        }

        return folder;
    }

    internal static PublishRequest Request(string name) => new() { Name = name, Trackers = [Tracker] };

    internal static T Done<T>(PublishOutcome<T> outcome) => outcome switch
    {
        PublishOutcome<T>.Done done => done.Value,
        PublishOutcome<T>.Refused refused => throw new Xunit.Sdk.XunitException($"Refused: {refused.Error}"),
        _ => throw new Xunit.Sdk.XunitException("Neither done nor refused."),
    };

    internal static string Error<T>(PublishOutcome<T> outcome) => Assert.IsType<PublishOutcome<T>.Refused>(outcome).Error;
}
