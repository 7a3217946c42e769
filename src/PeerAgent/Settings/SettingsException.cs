namespace PeerAgent.Settings;

/// <summary>A setting is wrong; the message is one line that names it and says what to do.</summary>
public sealed class SettingsException(string message) : Exception(message);
