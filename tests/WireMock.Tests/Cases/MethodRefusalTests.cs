using PeerAgent.Tracker.Sessions;
using WireMock.Tests.Agents;
using WireMock.Tests.Server;

namespace WireMock.Tests.Cases;

/// <summary>Each error of Table 2 to one method only: what docs/protocol.md says under Events.</summary>
public sealed class MethodRefusalTests(FakedTrackers trackers)
{
    private static readonly string[] Errors =
    [
        "invalid-syntax", "version-not-supported", "authentication-required", "message-forbidden", "object-not-found",
        "internal-error", "temporarily-overloaded",
    ];

    public static TheoryData<string> AllErrors() => [.. Errors];

    /// <summary>Method, error, what follows: stays, lost, forgotten, or refused (said goodbye, then the next tracker).</summary>
    public static TheoryData<string, string, string> Consequences()
    {
        (string Method, string Follows)[] table =
        [
            ("join", "refused refused refused refused refused lost lost"),
            ("find_peer", "stays stays lost forgotten forgotten lost lost"),
            ("stat_report", "stays stays lost forgotten stays lost lost"),
            ("keepalive", "stays stays lost forgotten stays lost lost"),
        ];
        var data = new TheoryData<string, string, string>();
        foreach (var (method, follows) in table)
        {
            foreach (var (error, follow) in Errors.Zip(follows.Split(' ')))
            {
                data.Add(method, error, follow);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Consequences))]
    public async Task The_consequences_of_a_refusal_are_those_of_the_documentation(string method, string error, string follows)
    {
        await using var rig = new AgentRig(
            trackers,
            ("KeepAliveInterval", method == "keepalive" ? "00:00:01" : "00:01:00"),
            ("StatReportInterval", method == "keepalive" ? "01:00:00" : "00:00:02"));
        var bad = $"{error}/{method}";
        await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), bad, "happy").FirstAttempt);

        var end = rig.Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        await rig.PassUntilAsync(() => rig.Time.GetUtcNow() > end || rig.CountTo("happy") > 0, "it is settled");
        await rig.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(follows, Judge([.. (await rig.VerbsAsync(bad)).Select(v => v.Split(' ')[0])], (await rig.SentToAsync("happy")).Count > 0));
    }

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task A_refused_FIND_CHUNK_finds_nobody_and_costs_the_tracker_only_when_it_means_forgotten(string error)
    {
        await using var rig = new AgentRig(trackers);
        var path = $"{error}/find_chunk";
        var membership = rig.Join(new Viewer("a"), path);
        Assert.True((await rig.PassUntilDoneAsync(membership.FirstAttempt)).IsJoined);

        Assert.Empty(await rig.PassUntilDoneAsync(membership.FindChunkAsync(Viewer.Level, 4, CancellationToken.None)));

        var attempts = error is "internal-error" or "temporarily-overloaded" ? 2 : 1;
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        var verbs = (await rig.VerbsAsync(path)).Skip(4).ToList();
        Assert.Equal(Enumerable.Repeat("FIND_CHUNK a", attempts), verbs.Take(attempts));
        Assert.Equal(error == "message-forbidden", verbs.Contains("CONNECT"));
    }

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task A_refused_LEAVE_keeps_nobody_and_DISCONNECT_follows(string error)
    {
        await using var rig = new AgentRig(trackers);
        var path = $"{error}/leave";
        var membership = rig.Join(new Viewer("a"), path);
        await rig.PassUntilDoneAsync(membership.FirstAttempt);

        Assert.True(await rig.PassUntilDoneAsync(LeaveAsync(membership)));

        Assert.Equal(["LEAVE a", "DISCONNECT"], (await rig.VerbsAsync(path)).Skip(4).Distinct());
    }

    [Theory]
    [MemberData(nameof(AllErrors))]
    public async Task A_refused_DISCONNECT_keeps_nobody(string error)
    {
        await using var rig = new AgentRig(trackers);
        var path = $"{error}/disconnect";
        await rig.PassUntilDoneAsync(rig.Join(new Viewer("a"), path).FirstAttempt);

        Assert.True(await rig.PassUntilDoneAsync(StopAsync(rig)));

        Assert.Equal(["LEAVE a", "DISCONNECT"], (await rig.VerbsAsync(path)).Skip(4).Distinct());
    }

    private static string Judge(List<string> toBad, bool toNext) =>
        !toNext ? "stays"
        : toBad.Contains("DISCONNECT") ? "refused"
        : toBad.Count(v => v == "CONNECT") > 1 ? "forgotten"
        : "lost";

    private static async Task<bool> LeaveAsync(SwarmMembership membership)
    {
        await membership.LeaveAsync(CancellationToken.None);
        return true;
    }

    private static async Task<bool> StopAsync(AgentRig rig)
    {
        await rig.Sessions.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        return true;
    }
}
