using System.Text;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.Tests.Api;

namespace CacheBackup.Aws.Tests.ElastiCache;

/// <summary>What a scripted ElastiCache answers, and what it was asked.</summary>
internal static class ElastiCacheAnswers
{
    public static ScriptedAnswer Reply(string action, string result) => Answers.Xml(
        $"<{action}Response xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><{action}Result>{result}</{action}Result></{action}Response>");

    public static ScriptedAnswer Error(string code, int status, string text = "text") => new(status)
    {
        Body = Encoding.UTF8.GetBytes(
            "<ErrorResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><Error><Type>Sender</Type>"
            + $"<Code>{code}</Code><Message>{text}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>"),
    };

    /// <summary>The body of the one request.</summary>
    public static string Sent(ScriptedServer server) => Encoding.ASCII.GetString(Assert.Single(server.Requests).Body);

    /// <summary>The bodies of all requests, without the version.</summary>
    public static string[] AllSent(ScriptedServer server) =>
        [.. server.Requests.Select(request => Encoding.ASCII.GetString(request.Body).Replace("&Version=2015-02-02", string.Empty, StringComparison.Ordinal))];

    public static AwsApi Open(ScriptedServer server) =>
        AwsApi.Open(AwsService.ElastiCache, Answers.Impatient(server.Endpoint), TimeProvider.System, MotoApi.Credentials);
}
