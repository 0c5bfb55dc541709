using System.Text;
using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.StateMachines.Journals;

namespace CacheBackup.Local.Tests.StateMachines.Journals;

public sealed class JournalReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Event_comes_back_as_it_was_appended()
    {
        HistoryEvent whole = Event(1) with
        {
            PreviousId = 7,
            Frame = new HistoryFrame(3, 2, 1),
            Name = "a\n\"é\u2028",
            Index = 4,
            Length = 5,
            Input = JsonElement.Parse("""{"n":1.50,"s":"line\n"}"""),
            Output = JsonElement.Parse("null"),
            Parameters = JsonElement.Parse("[1]"),
            ResourceType = "lambda",
            Resource = "invoke",
            TimeoutInSeconds = 6,
            Error = "E",
            Cause = "C",
            Next = "N",
        };
        using (ExecutionJournal journal = ExecutionJournal.Open(_path, 0, isDurable: true))
        {
            journal.Append(whole);
            await journal.FlushAsync(CancellationToken.None);
            journal.Append(Event(2));
        }

        var reader = new JournalReader(_path);
        HistoryEvent[] read = [.. reader.Read()];
        Assert.Equal(JsonSerializer.Serialize(whole), JsonSerializer.Serialize(read[0]));
        Assert.Equal("""{"n":1.50,"s":"line\n"}""", read[0].Input!.Value.GetRawText());
        Assert.Equal(JsonSerializer.Serialize(Event(2)), JsonSerializer.Serialize(read[1]));
        Assert.Equal((null, new FileInfo(_path).Length), (reader.Damage, reader.WholeLength));
    }

    [Fact]
    public void Line_is_as_it_is_kept_on_disk() => Assert.Equal(
        """0f7d7d30 {"id":1,"previous":0,"at":"2026-03-01T12:00:00.000Z","type":"TaskStarted","frame":[3,0,2],"name":"S"}""" + "\n",
        Encoding.UTF8.GetString(JournalLine.Encode(Event(1) with { Frame = new HistoryFrame(3, 0, 2), Name = "S" }).Span));

    [Fact]
    public void Torn_tail_is_left_out_and_written_over()
    {
        Append(Event(1), Event(2));
        long whole = new FileInfo(_path).Length;
        File.AppendAllText(_path, "12345678 {\"id\":3");
        var reader = new JournalReader(_path);
        Assert.Equal([1, 2], reader.Read().Select(entry => (int)entry.Id));
        Assert.Equal((null, whole), (reader.Damage, reader.WholeLength));

        using (ExecutionJournal journal = ExecutionJournal.Open(_path, reader.WholeLength, isDurable: false))
        {
            journal.Append(Event(3));
        }

        Assert.Equal([1, 2, 3], new JournalReader(_path).Read().Select(entry => (int)entry.Id));
    }

    [Fact]
    public void Zeros_that_a_power_cut_left_at_the_end_are_a_torn_tail()
    {
        Append(Event(1));
        using (FileStream file = File.OpenWrite(_path))
        {
            file.SetLength(file.Length + 5_000);
        }

        var reader = new JournalReader(_path);
        Assert.Single(reader.Read());
        Assert.Null(reader.Damage);
    }

    [Fact]
    public void Missing_event_is_damage()
    {
        Append(Event(1), Event(3));
        var reader = new JournalReader(_path);
        Assert.Single(reader.Read());
        Assert.Contains("event 2", reader.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_without_end_is_damage_before_it_fills_the_memory()
    {
        Append(Event(1));
        using (FileStream file = File.OpenWrite(_path))
        {
            file.SetLength(JournalLine.MaximumBytes * 16L);
        }

        var reader = new JournalReader(_path);
        Assert.Single(reader.Read());
        Assert.NotNull(reader.Damage);
    }

    [Fact]
    public void Largest_event_is_read()
    {
        var value = JsonSerializer.SerializeToElement(string.Concat(Enumerable.Repeat("\u0001\"", 131_000)));
        Append(Event(1) with { Input = value, Output = value, Cause = new string('\u0001', 32_768) }, Event(2));
        Assert.Equal(2, new JournalReader(_path).Read().Count());
    }

    private static HistoryEvent Event(long id) => new()
    {
        Id = id,
        PreviousId = 0,
        Timestamp = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Type = HistoryEventType.TaskStarted,
    };

    private void Append(params HistoryEvent[] entries)
    {
        using ExecutionJournal journal = ExecutionJournal.Open(_path, 0, isDurable: false);
        foreach (HistoryEvent entry in entries)
        {
            journal.Append(entry);
        }
    }
}
