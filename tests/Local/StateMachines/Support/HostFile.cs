namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>The files of an execution, as they are named on disk: persisted names, so written out here.</summary>
internal static class HostFile
{
    public const string Record = "execution.json";
    public const string Input = "input.json";
    public const string Definition = "definition.asl.json";
    public const string History = "history.jsonl";
    public const string End = "end.json";
}
