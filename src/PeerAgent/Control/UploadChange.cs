using System.Text.Json;
using PeerAgent.Swarm.Upload;

namespace PeerAgent.Control;

/// <summary>Reads what <c>PUT /control/upload</c> wants changed; what it does not name stays as it is.</summary>
internal static class UploadChange
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reads the body.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="change">Makes the new limits of the old ones.</param>
    /// <returns>Null, or what is wrong.</returns>
    internal static string? Read(ReadOnlyMemory<byte> body, out Func<UploadLimits, UploadLimits> change)
    {
        change = limits => limits;
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, ref change)
                : "The body must be a JSON object such as {\"slots\":4,\"maxBytesPerSecond\":1000000}.";
        }
        catch (JsonException e)
        {
            return $"The body is not JSON: {e.Message}";
        }
    }

    /// <summary>How a limit is called in JSON.</summary>
    internal static string NameOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private static string? Read(JsonElement body, ref Func<UploadLimits, UploadLimits> change)
    {
        List<string> wrong = [];
        List<Func<UploadLimits, UploadLimits>> steps = [];
        foreach (var member in body.EnumerateObject())
        {
            if (Step(member, out var error) is { } step)
            {
                steps.Add(step);
            }
            else
            {
                wrong.Add(error);
            }
        }

        change = limits => steps.Aggregate(limits, (soFar, step) => step(soFar));
        return wrong.Count == 0 ? null : string.Join(' ', wrong);
    }

    private static Func<UploadLimits, UploadLimits>? Step(JsonProperty member, out string error)
    {
        error = "";
        var value = member.Value;
        switch (member.Name)
        {
            case "enabled" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                var enabled = value.GetBoolean();
                return limits => limits with { Enabled = enabled };
            case "slots" when IsNumber(value, out int slots):
                return limits => limits with { Slots = slots };
            case "maxBytesPerSecond" when IsRate(value, out var rate):
                return limits => limits with { MaxBytesPerSecond = rate };
            case "maxBytesPerSecondPerPeer" when IsRate(value, out var rate):
                return limits => limits with { MaxBytesPerSecondPerPeer = rate };
            case "enabled":
                error = "enabled must be true or false.";
                return null;
            case "slots":
                error = "slots must be a whole number.";
                return null;
            case "maxBytesPerSecond" or "maxBytesPerSecondPerPeer":
                error = $"{member.Name} must be a whole number of bytes, or null for no limit.";
                return null;
            default:
                error = $"'{member.Name}' is unknown; there are enabled, slots, maxBytesPerSecond and maxBytesPerSecondPerPeer.";
                return null;
        }
    }

    private static bool IsNumber(JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }

    private static bool IsRate(JsonElement value, out long? rate)
    {
        rate = null;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
        {
            return false;
        }

        rate = number;
        return true;
    }
}
