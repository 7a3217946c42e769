using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeerAgent.CommandLine;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(StoreDescription))]
internal sealed partial class StoreJson : JsonSerializerContext;
