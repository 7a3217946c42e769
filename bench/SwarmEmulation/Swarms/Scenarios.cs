using SwarmEmulation.Films;
using TestSupport.Links;

namespace SwarmEmulation.Swarms;

/// <summary>The swarms of the table.</summary>
internal sealed class Scenarios(Film film)
{
    private static readonly double[] Rates = [0.75, 1.5, 2.25];
    private static readonly int[] Delays = [5, 20, 40];
    private static readonly double[] Losses = [0, 0.001, 0.003];

    private readonly double _bytesPerSecond = film.Bitrate / 8.0;

    /// <summary>50 Mbit/s and 20 ms away, far more than one viewer needs.</summary>
    private static LinkShape OriginLine => new() { BytesPerSecond = 6_250_000, Delay = TimeSpan.FromMilliseconds(20) };

    /// <summary>N viewers, an origin, and a seeder or none. Three of them seek.</summary>
    public Scenario Crowd(int viewers, bool seeder) => new()
    {
        Name = seeder ? $"1 seeder, {viewers} peers, origin" : $"{viewers} peers, origin",
        Origin = OriginLine,
        Holders = seeder ? [Line(3, 20, 0)] : [],
        Viewers =
        [
            .. Enumerable.Range(0, viewers).Select(i =>
            {
                var start = i * Math.Min(1, 20.0 / viewers);
                var plan = viewers > 3 && i % (viewers / 3) == 1
                    ? ViewerPlan.Seeking(start, film.Chunks, film.ChunkSeconds)
                    : ViewerPlan.Straight(start);
                return (plan, Line(Rates[i % 3], Delays[i / 3 % 3], Losses[i / 9 % 3]));
            }),
        ],
        Ceiling = seeder ? 1 : (viewers - 1.0) / viewers,
    };

    /// <summary>The goals for small swarms, each beside what it is compared with.</summary>
    public IReadOnlyList<Scenario> Small()
    {
        var alone = new Scenario { Name = "origin alone", Origin = OriginLine, Copies = 3, Viewers = [One()] };
        var five = new Scenario
        {
            Name = "five good peers", Copies = 3, Viewers = [One()], Holders = [.. Enumerable.Repeat(Line(1, 20, 0), 5)],
        };
        var slow = new LinkShape { BytesPerSecond = 8_000, Delay = TimeSpan.FromMilliseconds(20) };
        return
        [
            new() { Name = "five peers of 0.26 x the bitrate", Viewers = [One()], Holders = [.. Enumerable.Repeat(Line(0.26, 20, 0), 5)] },
            five,
            five with { Name = "three good peers", Holders = [.. five.Holders.Take(3)] },
            five with { Name = "three good, one 64 kbit/s, one liar", Holders = [.. five.Holders.Take(3), slow], Bad = [Badness.Lies] },
            alone,
            alone with { Name = "origin and five bad peers", Bad = Enum.GetValues<Badness>() },
        ];
    }

    private static (ViewerPlan Plan, LinkShape Line) One() => (ViewerPlan.Straight(0), LinkShape.Free);

    private LinkShape Line(double rate, int delay, double loss) => new()
    {
        BytesPerSecond = (long)(rate * _bytesPerSecond),
        Delay = TimeSpan.FromMilliseconds(delay),
        Loss = loss,
    };
}
