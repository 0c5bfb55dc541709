namespace CacheBackup.Functions.Settings;

/// <summary>An environment variable of the functions: written by the stack, read when a function starts.</summary>
/// <param name="Name">Of the environment variable.</param>
/// <param name="IsRequired">A function does not start without it.</param>
/// <param name="Meaning">What it says, with its unit or its form.</param>
public sealed record ServiceSetting(string Name, bool IsRequired, string Meaning);
