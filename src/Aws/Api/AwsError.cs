using System.Text;

namespace CacheBackup.Aws.Api;

/// <summary>What an answer's body says of an error.</summary>
/// <param name="Code">Empty where it says none.</param>
/// <param name="Text">For people; null where it says nothing.</param>
internal sealed record AwsError(string Code, string? Text, string? RequestId)
{
    private const int MaxTextCharacters = 500;
    private const int MaxCodeCharacters = 100;

    /// <summary>An error from raw texts: a code without its namespace and address, a text fit for a log line.</summary>
    public static AwsError Of(string? code, string? text, string? requestId)
    {
        string name = code ?? "";

        // com.amazonaws.x#Code:http://internal.amazon.com/... has both; only the middle is the code.
        name = name[(name.LastIndexOf('#') + 1)..];
        int address = name.IndexOf(':', StringComparison.Ordinal);
        return new AwsError(Line(address < 0 ? name : name[..address], MaxCodeCharacters), text is null ? null : Line(text, MaxTextCharacters), requestId);
    }

    private static string Line(string text, int most)
    {
        StringBuilder line = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, most)))
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString().Trim();
    }
}
