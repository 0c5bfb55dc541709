namespace CacheBackup.Local.StateMachines.Language;

/// <summary>One of the <c>Choices</c>.</summary>
internal sealed record ChoiceRule(Condition Condition, string Next);
