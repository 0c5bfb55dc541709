namespace CacheBackup.Infra.Context;

/// <summary>Something that a deployer may set: a member of <c>cacheBackup</c> in the context of <c>cdk.json</c>.</summary>
/// <param name="Name">Of the member.</param>
/// <param name="Default">What holds where it is missing, as JSON.</param>
/// <param name="Meaning">What it says, with its unit or its form.</param>
public sealed record ContextValue(string Name, string Default, string Meaning);
