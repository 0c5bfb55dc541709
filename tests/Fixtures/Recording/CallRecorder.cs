using System.Collections.Concurrent;

namespace CacheBackup.Fixtures.Recording;

/// <summary>Notes which function makes which call. The function is known by the flow of the program: its own calls, and all that they start.</summary>
public sealed class CallRecorder
{
    private readonly AsyncLocal<string?> _function = new();
    private readonly ConcurrentDictionary<RecordedCall, bool> _calls = new();

    /// <summary>Each different call once, in order of its text.</summary>
    public IReadOnlyList<RecordedCall> Calls => [.. _calls.Keys.OrderBy(call => call.ToString(), StringComparer.Ordinal)];

    /// <summary>From here on, and in all that is started from here, calls are this function's.</summary>
    public void Enter(string function) => _function.Value = function;

    /// <summary>From here on calls are the test's own.</summary>
    public void Leave() => _function.Value = null;

    /// <summary>Notes a call, unless no function is at work: then it is the test's own.</summary>
    public void Note(string target, string member, string subject = "")
    {
        if (_function.Value is { } function)
        {
            _calls.TryAdd(new RecordedCall(function, target, member, subject), true);
        }
    }
}
