namespace ReferenceTracker.Settings;

/// <summary>Where the tracker's state lies.</summary>
public enum RegistryKind
{
    /// <summary>In this process; gone when it ends.</summary>
    Memory,

    /// <summary>In PostgreSQL, shared by several instances. Refused at start: not built in.</summary>
    Postgres,
}
