using System.Net;
using System.Text.Json;

namespace CacheBackup.EndToEnd;

/// <summary>Requires of an answer that it is a problem of a status and code, and that its detail names what it should.</summary>
internal static class Answers
{
    public static void AssertProblem((HttpStatusCode Status, JsonElement Body) answer, HttpStatusCode status, string code, params string[] named)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Body}");
        Assert.Equal((int)status, answer.Body.GetProperty("status").GetInt32());
        Assert.Equal(code, answer.Body.GetProperty("code").GetString());
        AssertNames(answer.Body.GetProperty("detail").GetString(), named);
    }

    /// <summary>The reason of a record's status names all of these.</summary>
    public static void AssertReason(JsonElement record, params string[] named) => AssertNames(record.GetProperty("statusReason").GetString(), named);

    private static void AssertNames(string? text, string[] named) => Assert.All(named, name => Assert.Contains(name, text, StringComparison.Ordinal));
}
