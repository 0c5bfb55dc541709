namespace CacheBackup.Aws.Tests.Api;

/// <summary>A planned answer under a name that stands in the test's.</summary>
public sealed class ScriptedAnswerCase
{
    internal ScriptedAnswerCase(string name, ScriptedAnswer answer) => (Name, Answer) = (name, answer);

    internal ScriptedAnswer Answer { get; }

    private string Name { get; }

    public override string ToString() => Name;
}
