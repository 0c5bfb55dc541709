using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CacheBackup.Functions.Tests.Api.OpenApi;

/// <summary>The summaries that stand in the code, as the compiler writes them beside an assembly.</summary>
internal sealed partial class MemberDocs
{
    private readonly Dictionary<string, XElement> _members = [];

    public MemberDocs(params Assembly[] assemblies)
    {
        foreach (Assembly assembly in assemblies)
        {
            XDocument document = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
            foreach (XElement member in document.Descendants("member"))
            {
                _members[member.Attribute("name")!.Value] = member;
            }
        }
    }

    public string? Of(Type type) => _members.TryGetValue($"T:{NameOf(type)}", out XElement? member) ? TextOf(member.Element("summary")) : null;

    /// <summary>A property's own summary, or that of the record's parameter which made it.</summary>
    public string? Of(PropertyInfo property)
    {
        Type type = property.DeclaringType!;
        return _members.TryGetValue($"P:{NameOf(type)}.{property.Name}", out XElement? own)
            ? TextOf(own.Element("summary"))
            : _members.TryGetValue($"T:{NameOf(type)}", out XElement? record)
                ? TextOf(record.Elements("param").FirstOrDefault(p => p.Attribute("name")!.Value == property.Name))
                : null;
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string? TextOf(XElement? element) => element is null ? null : Spaces().Replace(string.Concat(element.Nodes().Select(TextOf)), " ").Trim();

    private static string TextOf(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" } reference => $"`{LastPart((reference.Attribute("cref") ?? reference.Attribute("name"))!.Value)}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => string.Concat(other.Nodes().Select(TextOf)),
        _ => string.Empty,
    };

    private static string LastPart(string name) => name.Split(':')[^1].Split('.')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
