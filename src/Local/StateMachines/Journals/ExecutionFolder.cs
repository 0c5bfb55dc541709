using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Running;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>One execution's directory: <c>execution.json</c>, <c>input.json</c>, <c>definition.asl.json</c>, <c>history.jsonl</c>, and at the end <c>end.json</c>.</summary>
internal sealed class ExecutionFolder(string path, ExecutionKey key, bool isDurable)
{
    public const string RecordFile = "execution.json";
    public const string InputFile = "input.json";
    public const string DefinitionFile = "definition.asl.json";
    public const string HistoryFile = "history.jsonl";
    public const string EndFile = "end.json";

    public ExecutionKey Key => key;

    public string FullPath => path;

    /// <summary>Fills a directory that nobody knows of yet.</summary>
    public void Create(StateMachineDefinition definition, ExecutionStart start)
    {
        DurableFiles.CreateDirectory(path);
        Write(DefinitionFile, Encoding.UTF8.GetBytes(definition.Text));
        Write(InputFile, JsonBuild.CompactBytes(start.Input).Span);
        Write(HistoryFile, []);
        Write(RecordFile, new ExecutionRecord(start.Id, start.StartTime, definition.Hash).ToJson().Span);
    }

    public ExecutionRecord ReadRecord() => ExecutionRecord.Read(File(RecordFile));

    public ExecutionStart ReadStart()
    {
        ExecutionRecord record = ReadRecord();
        return new ExecutionStart(key, record.Id, record.StartTime, ReadInput());
    }

    public JsonElement ReadInput() => JsonFile.Read(File(InputFile));

    /// <summary>The definition that the execution began with.</summary>
    /// <exception cref="InvalidDataException">The copy is not what was written.</exception>
    public StateMachineDefinition ReadDefinition()
    {
        byte[] text = System.IO.File.ReadAllBytes(File(DefinitionFile));
        return Convert.ToHexStringLower(SHA256.HashData(text)) == ReadRecord().DefinitionHash
            ? StateMachineDefinition.Parse(key.StateMachine, text)
            : throw JsonFile.Unreadable(File(DefinitionFile));
    }

    /// <summary>Where the execution stands, and the journal to go on with.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged.</exception>
    public (ExecutionReplay Replay, ExecutionJournal Journal) OpenJournal()
    {
        var reader = new JournalReader(File(HistoryFile));
        var replay = new ExecutionReplay();
        foreach (HistoryEvent entry in reader.Read())
        {
            replay.Add(entry);
        }

        return reader.Damage is null
            ? (replay, ExecutionJournal.Open(File(HistoryFile), reader.WholeLength, isDurable))
            : throw new InvalidDataException(reader.Damage);
    }

    public IEnumerable<HistoryEvent> ReadHistory() => new JournalReader(File(HistoryFile)).Read();

    public EndRecord? TryReadEnd() => EndRecord.TryRead(File(EndFile));

    public void WriteEnd(EndRecord end) => DurableFiles.WriteWhole(File(EndFile), end.ToJson().Span, isDurable);

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        using FileStream file = DurableFiles.Open(File(name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(content);
        if (isDurable)
        {
            file.Flush(flushToDisk: true);
        }
    }

    private string File(string name) => Path.Combine(path, name);
}
