using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>A task failed with an error that Retry and Catch can name.</summary>
/// <param name="errorType">The error's name: for a function the exception's short type name, for a service <c>Service.SomeException</c>.</param>
/// <param name="cause">For a function the JSON text that Lambda gives: <c>{"errorType", "errorMessage", "stackTrace"}</c>.</param>
public sealed class TaskFailedException(string errorType, string cause) : Exception($"{errorType}: {cause}")
{
    /// <summary>The error's name.</summary>
    public string ErrorType { get; } = errorType;

    /// <summary>What a catcher finds as <c>Cause</c>.</summary>
    public string Cause { get; } = cause;

    /// <summary>What Lambda makes of an exception that a function threw.</summary>
    public static TaskFailedException From(Exception thrown)
    {
        if (thrown is TaskFailedException already)
        {
            return already;
        }

        JsonElement cause = JsonBuild.From(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("errorType", thrown.GetType().Name);
            writer.WriteString("errorMessage", thrown.Message);
            writer.WriteStartArray("stackTrace");
            foreach (string line in (thrown.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return new TaskFailedException(thrown.GetType().Name, JsonBuild.CompactText(cause));
    }
}
