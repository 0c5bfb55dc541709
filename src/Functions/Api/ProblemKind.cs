namespace CacheBackup.Functions.Api;

/// <summary>One kind of problem.</summary>
/// <param name="Code">Stable: programs may rely on it. Small letters and hyphens.</param>
/// <param name="Status">The HTTP status that it comes with, always the same.</param>
/// <param name="Title">What it means, for people; <c>docs/api.md</c> has the same text.</param>
public sealed record ProblemKind(string Code, int Status, string Title);
