namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that goes where the first rule that holds says.</summary>
internal sealed record ChoiceState : State
{
    public required IReadOnlyList<ChoiceRule> Choices { get; init; }

    public string? Default { get; init; }

    public override IEnumerable<string> Successors =>
        Choices.Select(rule => rule.Next).Concat(Default is null ? [] : [Default]);
}
