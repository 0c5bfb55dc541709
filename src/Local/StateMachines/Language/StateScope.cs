namespace CacheBackup.Local.StateMachines.Language;

/// <summary>States that lead to one another: the machine's own, an ItemProcessor's, or a branch's.</summary>
internal sealed record StateScope(string StartAt, IReadOnlyDictionary<string, State> States);
