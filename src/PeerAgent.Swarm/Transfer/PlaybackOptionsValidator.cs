using Microsoft.Extensions.Options;

namespace PeerAgent.Swarm.Transfer;

/// <summary>Refuses settings that cannot work, naming their keys.</summary>
internal sealed class PlaybackOptionsValidator : IValidateOptions<PlaybackOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, PlaybackOptions options)
    {
        var errors = new List<string>();
        CheckTime(errors, nameof(options.Urgent), options.Urgent, TimeSpan.Zero);
        CheckTime(errors, nameof(options.Ahead), options.Ahead, TimeSpan.Zero);
        CheckTime(errors, nameof(options.UsualDuration), options.UsualDuration, TimeSpan.FromMilliseconds(10));
        CheckCount(errors, nameof(options.MaxParallelUrgent), options.MaxParallelUrgent, 1);
        CheckCount(errors, nameof(options.MaxParallelAhead), options.MaxParallelAhead, 0);
        if (options.Ahead < options.Urgent)
        {
            errors.Add($"{PlaybackOptions.Section}:Ahead ({options.Ahead}) must not be shorter than "
                + $"{PlaybackOptions.Section}:Urgent ({options.Urgent}).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckTime(List<string> errors, string key, TimeSpan value, TimeSpan least)
    {
        if (value < least || value > Longest)
        {
            errors.Add($"{PlaybackOptions.Section}:{key} is {value}; it must be from {least} to 1 h.");
        }
    }

    private static void CheckCount(List<string> errors, string key, int value, int least)
    {
        if (value < least || value > 64)
        {
            errors.Add($"{PlaybackOptions.Section}:{key} is {value}; it must be from {least} to 64.");
        }
    }
}
