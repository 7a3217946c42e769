using Microsoft.Extensions.Options;
using Ppsp.Protocol.Xml;

namespace PeerAgent.Tracker.Trackers;

/// <summary>Refuses settings that cannot work; each message names the key, its value and what is allowed.</summary>
internal sealed class TrackerOptionsValidator : IValidateOptions<TrackerOptions>
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    public ValidateOptionsResult Validate(string? name, TrackerOptions options)
    {
        var errors = new List<string>();
        CheckTime(nameof(options.RequestTimeout), options.RequestTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(2));
        CheckTime(nameof(options.KeepAliveInterval), options.KeepAliveInterval, ShortestInterval, TimeSpan.FromHours(1));
        CheckTime(nameof(options.StatReportInterval), options.StatReportInterval, ShortestInterval, TimeSpan.FromHours(1));
        CheckTime(nameof(options.FailbackInterval), options.FailbackInterval, ShortestInterval, TimeSpan.FromDays(1));
        CheckNumber(nameof(options.Retries), options.Retries, 0, 10);
        CheckNumber(nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1024, XmlBody.MaxBytes);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckTime(string key, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{TrackerOptions.Section}:{key} is {value:c}; it must lie between {least:c} and {most:c}.");
            }
        }

        void CheckNumber(string key, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{TrackerOptions.Section}:{key} is {value}; it must lie between {least} and {most}.");
            }
        }
    }
}
