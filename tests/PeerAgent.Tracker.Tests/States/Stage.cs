using PeerAgent.Tracker.Sessions;
using PeerAgent.Tracker.Tests.Sessions;
using Ppsp.Protocol.Messages;
using TestSupport.Trackers;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>
/// A session brought into a state: two trackers in two tiers, swarm <c>a</c>, and what was said on the way forgotten.
/// Nothing is repeated, and a request may take a minute.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private TaskCompletionSource _gate = new();

    private Stage(Rig rig, FakeTracker one, FakeTracker two)
    {
        Rig = rig;
        One = one;
        Two = two;
    }

    public Rig Rig { get; }

    public FakeTracker One { get; }

    public FakeTracker Two { get; }

    public FakeMember MemberA { get; } = new("a");

    public FakeMember MemberB { get; } = new("b");

    public SwarmMembership A { get; private set; } = null!;

    public static async Task<Stage> EmptyAsync(params (string Key, string Value)[] settings)
    {
        var rig = new Rig([.. settings.Append(("Retries", "0")).Append(("RequestTimeout", "00:01:00")).DistinctBy(s => s.Item1)]);
        return new Stage(rig, await rig.StartTrackerAsync(), await rig.StartTrackerAsync());
    }

    /// <summary>Both trackers have just failed; from now on they work.</summary>
    public static async Task<Stage> DisconnectedAsync(params (string Key, string Value)[] settings)
    {
        var stage = await EmptyAsync(settings);
        stage.One.Always(FakeStep.Close);
        stage.Two.Always(FakeStep.Close);
        await stage.JoinAAsync();
        stage.One.Always(null);
        stage.Two.Always(null);
        return stage;
    }

    /// <summary>The first tracker has not answered CONNECT yet; it will after <see cref="ReleaseAsync"/>.</summary>
    public static async Task<Stage> ConnectingAsync(params (string Key, string Value)[] settings)
    {
        var stage = await EmptyAsync(settings);
        stage.Hold<RegisterRequest>();
        stage.A = stage.Join(stage.MemberA);
        await stage.HeldAsync();
        return stage;
    }

    /// <summary>The first tracker serves.</summary>
    public static async Task<Stage> ConnectedAsync(params (string Key, string Value)[] settings)
    {
        var stage = await EmptyAsync(settings);
        await stage.JoinAAsync();
        return stage;
    }

    /// <summary>The second tracker serves; the first works again.</summary>
    public static async Task<Stage> ConnectedAtSecondAsync(params (string Key, string Value)[] settings)
    {
        var stage = await EmptyAsync(settings);
        stage.One.Always(FakeStep.Close);
        await stage.JoinAAsync();
        stage.One.Always(null);
        return stage;
    }

    /// <summary>Swarm <c>a</c> was the last one; its LEAVE is not answered yet.</summary>
    public static async Task<(Stage Stage, Task Leaving)> ClosingAsync(params (string Key, string Value)[] settings)
    {
        var stage = await ConnectedAsync(settings);
        stage.Hold<LeaveRequest>();
        var leaving = stage.A.LeaveAsync(CancellationToken.None);
        await stage.HeldAsync();
        return (stage, leaving);
    }

    /// <summary>Everything stops within 3 s; the LEAVE of <c>a</c>, the first of two, is not answered yet.</summary>
    public static async Task<(Stage Stage, SwarmMembership B, Task Stopping)> StoppingAsync()
    {
        var stage = await ConnectedAsync();
        var b = await stage.JoinBAsync();
        stage.Hold<LeaveRequest>();
        var stopping = stage.StopAsync();
        await stage.HeldAsync();
        return (stage, b, stopping);
    }

    public SwarmMembership Join(FakeMember member) => Rig.Join(member, One, Two);

    public async Task<SwarmMembership> JoinBAsync()
    {
        var b = await Rig.JoinAndRestAsync(MemberB, One, Two);
        Clear();
        return b;
    }

    public Task StopAsync(double seconds = 3) => Rig.Sessions.StopAsync(TimeSpan.FromSeconds(seconds), CancellationToken.None);

    /// <summary>The first tracker's answers to one kind of message wait for <see cref="ReleaseAsync"/>.</summary>
    public void Hold<T>()
        where T : TrackerRequest
    {
        _gate = new TaskCompletionSource();
        One.Hold(m => m is T ? _gate.Task : null);
    }

    public Task HeldAsync() => Eventually.HoldsAsync(() => One.Held == 1, "a message hangs");

    public void Release()
    {
        One.Hold(_ => null);
        _gate.SetResult();
    }

    /// <summary>The answer that waits is given, and all that follows from it is done.</summary>
    public async Task ReleaseAsync()
    {
        Release();
        await Rig.RestAsync();
    }

    /// <summary>Time passes in steps that let everything happen that falls due.</summary>
    public async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await Rig.PassAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Time passes while a message hangs.</summary>
    public void Advance(double seconds) => Rig.Time.Advance(TimeSpan.FromSeconds(seconds));

    public static Task<IReadOnlyList<PeerInfo>> FindChunkAsync(SwarmMembership swarm) =>
        swarm.FindChunkAsync(FakeMember.Level, 1, CancellationToken.None);

    public ValueTask DisposeAsync() => Rig.DisposeAsync();

    private async Task JoinAAsync()
    {
        A = await Rig.JoinAndRestAsync(MemberA, One, Two);
        Clear();
    }

    private void Clear()
    {
        One.ClearRequests();
        Two.ClearRequests();
    }
}
