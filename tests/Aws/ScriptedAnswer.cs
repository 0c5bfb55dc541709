using System.Globalization;
using System.Text;

namespace CacheBackup.Aws.Tests;

/// <summary>One planned answer. Status 0: the connection is reset instead.</summary>
internal sealed record ScriptedAnswer(int Status)
{
    public byte[] Body { get; init; } = [];

    /// <summary>What <c>Content-Length</c> promises; null: what is sent.</summary>
    public int? PromisedLength { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>After its bytes the connection stays open and silent.</summary>
    public bool Stalls { get; init; }

    public static ScriptedAnswer Reset { get; } = new(0);

    public static ScriptedAnswer Error(int status, string code) => new(status)
    {
        Body = Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>text of S3 with AKIAIOSFODNN7EXAMPLE</Message></Error>"),
    };

    public static ScriptedAnswer Xml(string body) => new(200) { Body = Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?>" + body) };

    public static ScriptedAnswer Ok(string etag) => new(200) { Headers = new Dictionary<string, string> { ["ETag"] = $"\"{etag}\"" } };

    public string Head()
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Scripted\r\nConnection: close\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {PromisedLength ?? Body.Length}\r\n");
        foreach ((string name, string value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return head.Append("\r\n").ToString();
    }
}
