using System.Text;
using CacheBackup.Aws.Api;

namespace CacheBackup.Aws.Tests.Api;

/// <summary>Planned answers of services other than S3, and options under which a test does not wait.</summary>
internal static class Answers
{
    public static ScriptedAnswer Json(string body, int status = 200) => new(status)
    {
        Body = Encoding.UTF8.GetBytes(body),
        Headers = new Dictionary<string, string> { ["x-amzn-RequestId"] = "request-1" },
    };

    public static ScriptedAnswer Xml(string body, int status = 200) => new(status)
    {
        Body = Encoding.UTF8.GetBytes(body),
        Headers = new Dictionary<string, string> { ["x-amzn-RequestId"] = "request-1" },
    };

    public static AwsApiOptions Impatient(Uri endpoint) => new()
    {
        Endpoint = endpoint,
        Region = "us-east-1",
        RetryDelay = TimeSpan.FromMilliseconds(1),
        AnswerTimeout = TimeSpan.FromSeconds(30),
    };
}
