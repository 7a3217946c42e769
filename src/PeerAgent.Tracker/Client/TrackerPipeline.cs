using PeerAgent.Tracker.Timing;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Ppsp.Protocol.Messages;

namespace PeerAgent.Tracker.Client;

/// <summary>
/// What stands around each attempt to ask one tracker, from the outside in: the request's budget, retries, the circuit
/// breaker, the attempt's time-out.
/// </summary>
internal static class TrackerPipeline
{
    /// <summary>How long a tracker that keeps failing is left alone.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(10);

    /// <summary>The caller's patience, carried through the pipeline.</summary>
    public static readonly ResiliencePropertyKey<Patience> PatienceKey = new("patience");

    /// <summary>When the request began, a timestamp of the clock.</summary>
    public static readonly ResiliencePropertyKey<long> StartedKey = new("started");

    private const int AttemptsBeforeBreak = 8;
    private static readonly ResiliencePropertyKey<TimeSpan> WaitKey = new("wait");
    private static readonly ResiliencePropertyKey<int> SilencesKey = new("silences");
    private static readonly TimeSpan SamplingDuration = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Builds the pipeline of one tracker, which holds the state of its circuit breaker.</summary>
    /// <param name="retries">The most a request can ask for.</param>
    /// <param name="time">The clock of all waits.</param>
    /// <param name="chance">Spreads the waits.</param>
    public static ResiliencePipeline<TrackerOutcome> Create(int retries, TimeProvider time, Chance chance) =>
        Retrying(retries, time, chance)
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TrackerOutcome>
            {
                FailureRatio = 1,
                MinimumThroughput = Math.Max(AttemptsBeforeBreak, (retries + 1) * 2),
                SamplingDuration = SamplingDuration,
                BreakDuration = BreakDuration,
                ShouldHandle = args => ValueTask.FromResult(SpeaksAgainstTracker(args.Outcome)),
            })
            .AddTimeout(Limit(p => p.AttemptTimeout))
            .Build();

    /// <summary>The same without a circuit breaker: also a tracker that is being left alone is asked.</summary>
    public static ResiliencePipeline<TrackerOutcome> CreateInsisting(int retries, TimeProvider time, Chance chance) =>
        Retrying(retries, time, chance).AddTimeout(Limit(p => p.AttemptTimeout)).Build();

    private static ResiliencePipelineBuilder<TrackerOutcome> Retrying(int retries, TimeProvider time, Chance chance)
    {
        var builder = new ResiliencePipelineBuilder<TrackerOutcome> { TimeProvider = time };
        builder.AddTimeout(Limit(p => p.Budget));
        if (retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<TrackerOutcome>
            {
                MaxRetryAttempts = retries,
                ShouldHandle = args => ValueTask.FromResult(MayRetry(args, time, chance)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(args.Context.Properties.GetValue(WaitKey, FirstWait)),
            });
        }

        return builder;
    }

    private static TimeoutStrategyOptions Limit(Func<Patience, TimeSpan> limit) => new()
    {
        TimeoutGenerator = args => ValueTask.FromResult(limit(Patience(args.Context))),
    };

    private static Patience Patience(ResilienceContext context) => context.Properties.GetValue(PatienceKey, null!);

    /// <summary>True when another attempt makes sense and its wait, which is noted in the context, fits the budget.</summary>
    private static bool MayRetry(RetryPredicateArguments<TrackerOutcome> args, TimeProvider time, Chance chance)
    {
        var patience = Patience(args.Context);
        if (args.AttemptNumber >= patience.Retries || !IsTransient(args.Outcome) || IsTooSilent(args, patience))
        {
            return false;
        }

        // What the tracker asks for comes on top, so that those whom it sends away do not all come back at the same moment.
        var wait = Wait(args.AttemptNumber, chance) + ((args.Outcome.Result as TrackerRefusal)?.RetryAfter ?? TimeSpan.Zero);
        var elapsed = time.GetElapsedTime(args.Context.Properties.GetValue(StartedKey, 0L));
        args.Context.Properties.Set(WaitKey, wait);
        return elapsed + wait < patience.Budget;
    }

    private static bool IsTooSilent(RetryPredicateArguments<TrackerOutcome> args, Patience patience)
    {
        if (args.Outcome.Exception is not TimeoutRejectedException)
        {
            return false;
        }

        var silences = args.Context.Properties.GetValue(SilencesKey, 0) + 1;
        args.Context.Properties.Set(SilencesKey, silences);
        return silences >= patience.MostSilences;
    }

    private static TimeSpan Wait(int attempt, Chance chance)
    {
        var wait = FirstWait * Math.Pow(2, attempt);
        return chance.Around(wait < LongestWait ? wait : LongestWait, share: 0.5);
    }

    private static bool IsTransient(Outcome<TrackerOutcome> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        { Result: TrackerRefusal refusal } => IsTransient(refusal.Code),
        { Result: TrackerUnreachable or TrackerMalformed } => true,
        _ => false,
    };

    private static bool IsTransient(ResponseCode code) => code switch
    {
        ResponseCode.InternalError or ResponseCode.TemporarilyOverloaded => true,
        ResponseCode.Ok or ResponseCode.InvalidSyntax or ResponseCode.VersionNotSupported => false,
        ResponseCode.AuthenticationRequired or ResponseCode.MessageForbidden or ResponseCode.ObjectNotFound => false,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a response code."),
    };

    /// <summary>A tracker that answers, if only to say no or not now, is there.</summary>
    private static bool SpeaksAgainstTracker(Outcome<TrackerOutcome> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        { Result: TrackerUnreachable or TrackerMalformed } => true,
        _ => false,
    };
}
